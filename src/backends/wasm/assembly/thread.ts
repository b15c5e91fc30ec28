/** Which thread this instance is: the host says where its region begins. */
export declare const SCRATCH: usize;
